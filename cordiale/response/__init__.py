"""Response: who rescues whom, how soon and with what loss; requests, handover and escort."""
