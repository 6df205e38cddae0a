# The database, what expires in it, what of it is not indexed, and who may read it from a browser.

resource "google_firestore_database" "this" {
  name                              = "(default)"
  location_id                       = var.region
  type                              = "FIRESTORE_NATIVE"
  concurrency_mode                  = "OPTIMISTIC"
  point_in_time_recovery_enablement = "POINT_IN_TIME_RECOVERY_ENABLED"
  delete_protection_state           = "DELETE_PROTECTION_ENABLED"
  deletion_policy                   = "ABANDON"

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_project_service.this]
}

# Point-in-time recovery reaches back a week; these reach further.
resource "google_firestore_backup_schedule" "daily" {
  database  = google_firestore_database.this.name
  retention = "1209600s"

  daily_recurrence {}
}

resource "google_firestore_backup_schedule" "weekly" {
  database  = google_firestore_database.this.name
  retention = "8467200s"

  weekly_recurrence {
    day = "SUNDAY"
  }
}

locals {
  # The field by which documents of a collection end; docs/firestore.md says when. Not indexed: it grows at one end only.
  expiring = {
    link_requests  = "expires_at"
    provisionings  = "expires_at"
    welcome_tokens = "expires_at"
  }

  # What no query asks for. An index over a list or a map costs an entry for each value in it, and one over a time that only grows bounds
  # the writes of a second; a test holds this list against the queries that are really made.
  unindexed = {
    activation_requests = ["integrations", "requested_at"]
    audit_log           = ["detail"]
    collections         = ["description"]
    dead_letters        = ["action", "closed_at", "data", "title"]
    deployments         = ["addresses", "channels", "dns", "recent", "released_at", "ssl"]
    link_requests       = ["at"]
    media               = ["renditions"]
    members             = ["looked_at", "signed_in_at"]
    pages               = ["body"]
    products            = ["description", "details", "options", "pictures", "related", "variants"]
    provisionings = [
      "completed_at",
      "engine.commit_token",
      "engine.effects",
      "engine.not_before",
      "engine.refs",
      "error",
      "links",
      "log",
      "publication",
      "receipt",
      "started_at",
      "steps",
    ]
    publications   = ["ordered_at"]
    releases       = ["checks", "stats", "theme"]
    revisions      = ["customisation"]
    stores         = ["live_at", "plan"]
    tasks          = ["requested"]
    theme_drafts   = ["customisation"]
    welcome_tokens = ["created_at", "used_at"]
  }

  _unindexed = merge([
    for collection, fields in local.unindexed : { for field in fields : "${collection} ${field}" => { collection = collection, field = field } }
  ]...)
}

resource "google_firestore_field" "expiring" {
  for_each = local.expiring

  database   = google_firestore_database.this.name
  collection = each.key
  field      = each.value

  ttl_config {}
  index_config {}
}

resource "google_firestore_field" "unindexed" {
  for_each = local._unindexed

  database   = google_firestore_database.this.name
  collection = each.value.collection
  field      = each.value.field

  index_config {}
}

resource "google_firebaserules_ruleset" "this" {
  source {
    files {
      name    = "firestore.rules"
      content = file("${path.module}/../firestore.rules")
    }
  }

  lifecycle {
    create_before_destroy = true
  }

  depends_on = [google_firestore_database.this]
}

resource "google_firebaserules_release" "this" {
  # The fixed name of the default database's rules.
  name         = "cloud.firestore"
  ruleset_name = google_firebaserules_ruleset.this.name

  lifecycle {
    replace_triggered_by = [google_firebaserules_ruleset.this]
  }
}
