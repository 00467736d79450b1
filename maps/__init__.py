"""Pictures made from results: the Folium pages and their styles. Computes nothing."""
