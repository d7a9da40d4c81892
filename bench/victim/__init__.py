"""How fast are the pages on the phone, beside two floors that no such product could beat?"""
