"""Which pictures go with the figures? Each is a Plotly figure and the same drawing as plain SVG."""
