# Composite indexes. Firestore joins those that end alike: a query by merchant and status, newest first, takes one of each.
# A test records what the product and the portal ask for, and fails where an index is missing, or where one serves nothing.

locals {
  indexes = {
    "audit_log by actor"         = { collection = "audit_log", fields = [["actor", "ASCENDING"], ["at", "DESCENDING"]] }
    "audit_log by subject"       = { collection = "audit_log", fields = [["subject", "ASCENDING"], ["at", "DESCENDING"]] }
    "dead_letters by status"     = { collection = "dead_letters", fields = [["status", "ASCENDING"], ["filed_at", "DESCENDING"]] }
    "provisionings by kind"      = { collection = "provisionings", fields = [["kind", "ASCENDING"], ["requested_at", "DESCENDING"]] }
    "provisionings by merchant"  = { collection = "provisionings", fields = [["merchant_id", "ASCENDING"], ["requested_at", "DESCENDING"]] }
    "provisionings by status"    = { collection = "provisionings", fields = [["status", "ASCENDING"], ["requested_at", "DESCENDING"]] }
    "provisionings by store"     = { collection = "provisionings", fields = [["store_id", "ASCENDING"], ["requested_at", "DESCENDING"]] }
    "provisionings that are due" = { collection = "provisionings", fields = [["engine.wake_shard", "ASCENDING"], ["engine.wake_at", "ASCENDING"]] }
  }
}

resource "google_firestore_index" "this" {
  for_each = local.indexes

  database    = google_firestore_database.this.name
  collection  = each.value.collection
  query_scope = "COLLECTION"

  dynamic "fields" {
    for_each = each.value.fields

    content {
      field_path = fields.value[0]
      order      = fields.value[1]
    }
  }
}
