"""Which colours? Okabe and Ito's, told apart with every common colour blindness, on light and dark.

Never the only sign: every mark is labelled. (M. Okabe, K. Ito, "Color Universal Design", 2008.)
"""

BLUE = "#0072b2"
SKY = "#56b4e9"
ORANGE = "#e69f00"
VERMILION = "#d55e00"
GREY = "#8a8691"

WHITE = "#ffffff"
BLACK = "#000000"
