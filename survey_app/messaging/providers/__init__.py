"""Who carries texts to phones? One small file per provider, all with the same face."""
