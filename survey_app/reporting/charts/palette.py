"""Which colours? Okabe and Ito's, told apart with every common colour blindness, on light and dark.

Never the only sign: every mark is labelled. (M. Okabe, K. Ito, "Color Universal Design", 2008.)
Neighbours in a bar are told apart in grey as well (sky and orange are one grey, so they never stand
side by side), and an edge runs around every part.
"""

BLUE = "#0072b2"
SKY = "#56b4e9"
YELLOW = "#f0e442"
ORANGE = "#e69f00"
VERMILION = "#d55e00"
GREY = "#8a8691"
PALE = "#d9d6df"
"""For what is not known or not shown."""

EDGE = "#4a4650"
"""Around the parts of a bar: 3:1 against every light page."""

WHITE = "#ffffff"
BLACK = "#000000"
