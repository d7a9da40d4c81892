"""Which words do people use again and again as passwords? Stems, without their digits and signs.

From what published studies of leaked passwords agree on: words of the sign-in page, seasons and
months, football clubs, first names, pets, places, feelings, brands, and words of our own field.
"""

_WORDS = """
admin administrator access account aaron abcdefg adam adidas adrian albert alex alexander
alexandra alice alison amanda america amy andrea andrew angel angela angels anna anne anthony
antonio apple april arsenal arthur ashley asdf asdfgh asdfghjkl august austin autumn avengers
baby babygirl bailey banana barcelona barney baseball basketball batman beautiful belfast
benjamin berlin birmingham blessed blink bonnie boomer boston bradley brandon brian bristol
brooklyn bubbles buddy buster butterfly cambridge cameron cardiff caroline carter celtic
challenge changeme changeit charity charlie charlotte chelsea cheese chester chicken chocolate
chris christian christine christopher claire claudia coffee computer cookie cool cooper corona
covid cowboy crystal daisy daniel david december default demo derby desktop diamond digital
dolphin donald donkey dragon dublin eagle easter edinburgh edward elephant elizabeth emily emma
england eric europe everton family father february fiona flower flowers football forever france
frank freedom friday friend friends gandalf garden gareth gary gemma george germany ginger
glasgow golden google grace granny guest guinness guitar hannah happy harley harry heather
heaven hello helpdesk henry holiday holly home homepage honey hotmail house hunter iloveyou
internet ireland isabella jack jackson jacob jake james jasmine jason jasper jennifer jessica
jesus joanna john johnny jonathan jordan joseph joshua july june justice justin karen kate katie
keeper kevin king kitty knight laptop lauren leeds leicester letmein liam lily linda linkedin
lisa liverpool login lola london lovely love loveyou lovers lucky lucy madison maggie magic
manager manchester march margaret maria marie mark martin master matrix matthew maverick max
megan mercedes merlin michael michelle microsoft midlands millie mobile molly monday money
monkey morgan mother mustang myself naruto nathan network newcastle newpassword nicola nicholas
nicole nightingale nothing nottingham november nottinghamshire number october office oliver
olivia online orange oscar outcome outcomes oxford pass passcode passphrase password passwort
patricia patrick paul peaches peanut pepper peter phoebe phoenix pokemon police poppy prince
princess private purple qaz qazwsx qwer qwert qwerty qwertyui qwertyuiop rabbit rachel rainbow
rangers rebecca robert ronaldo root rosie ruby russia ryan sabrina sally samantha samsung samuel
sandra sarah saturday scarlett scooter scotland scott secret secure security september service
shadow shannon sheffield shelby silver simon smile smokey snickers snoopy snowball soccer sophia
sophie spider spiderman spring starwars stella stephanie stephen steven summer sunday sunderland
sunflower sunshine superman superstar support survivor sweet sydney system tamara taylor teddy
temp temporary test testing thomas thunder thursday tiger tigger tinkerbell toby tottenham
toyota trustno trustnoone tuesday twitter united user vanessa victim victims victimcare
victimsupport victoria villa villain wales walker warrior webmaster wednesday welcome westham
westmidlands whatever william willow windows winner winston winter wizard wolves work worker
yamaha yankees yellow york yorkshire zxcvbn zxcvbnm 1q2w3e 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y
1qaz2wsx 1qaz2wsx3edc q1w2e3r4 q1w2e3r4t5y6 zaq12wsx please the and you your our open sesame
openup one two three four five my me is
"""
STEMS = frozenset(_WORDS.split())
"""Common words, in lower case."""
