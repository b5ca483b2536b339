"""The minutes: drafted from what was typed in the room, validated, sent, discussed, locked."""
