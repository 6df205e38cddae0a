"""`firestore.rules`, asked over the wire by everybody who might ask."""
