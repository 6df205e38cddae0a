# Who builds and deploys. docs/permissions.md lists these grants too, and a test compares.

locals {
  project_grants = {
    # Runs what somebody proposes: it may write its log, and nothing else.
    checker = ["roles/logging.logWriter"]

    deployer = [
      "roles/artifactregistry.admin",
      "roles/certificatemanager.owner",
      "roles/cloudfunctions.admin",
      "roles/cloudscheduler.admin",
      "roles/compute.loadBalancerAdmin",
      "roles/compute.securityAdmin",
      "roles/datastore.owner",
      "roles/dns.admin",
      "roles/eventarc.admin",
      "roles/firebaserules.admin",
      "roles/iam.serviceAccountAdmin",
      "roles/iam.serviceAccountUser",
      "roles/identityplatform.admin",
      "roles/logging.configWriter",
      "roles/logging.logWriter",
      "roles/monitoring.editor",
      "roles/pubsub.admin",
      "roles/run.admin",
      "roles/serviceusage.serviceUsageAdmin",
      "roles/storage.admin",
    ]
  }

  # What the deployer may hand out in the project, and to nobody more: the roles of `project_grants` in ../iam.tf. A test compares them.
  grantable = [
    "roles/datastore.user",
    "roles/datastore.viewer",
    "roles/eventarc.eventReceiver",
    "roles/firebaseauth.admin",
    "roles/logging.logWriter",
  ]

  _project_grants = merge([
    for account, roles in local.project_grants : { for role in roles : "${account} ${role}" => { account = account, role = role } }
  ]...)
}

resource "google_service_account" "this" {
  for_each = {
    checker  = "Checks what somebody proposes"
    deployer = "Deploys"
  }

  account_id   = each.key
  display_name = each.value

  depends_on = [google_project_service.this]
}

resource "google_project_iam_member" "this" {
  for_each = local._project_grants

  project = var.project_id
  role    = each.value.role
  member  = google_service_account.this[each.value.account].member
}

# Grants in the project itself, but only of the roles that the functions have: the deployer can make nobody an owner, and itself nothing.
resource "google_project_iam_member" "granter" {
  project = var.project_id
  role    = "roles/resourcemanager.projectIamAdmin"
  member  = google_service_account.this["deployer"].member

  condition {
    title       = "only-the-functions-roles"
    description = "Grants and takes away no other role"
    expression  = "api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([${join(", ", [for role in local.grantable : "'${role}'"])}])"
  }
}

# It says which function may read which secret, and reads none: Google's own role for the one holds the other.
resource "google_project_iam_custom_role" "secret_granter" {
  role_id     = "secretGranter"
  title       = "Says who may read a secret"
  permissions = ["secretmanager.secrets.get", "secretmanager.secrets.getIamPolicy", "secretmanager.secrets.setIamPolicy"]

  depends_on = [google_project_service.this]
}

resource "google_secret_manager_secret_iam_member" "granter" {
  for_each = google_secret_manager_secret.this

  secret_id = each.value.id
  role      = google_project_iam_custom_role.secret_granter.name
  member    = google_service_account.this["deployer"].member
}

resource "google_artifact_registry_repository_iam_member" "builder_image" {
  for_each = google_service_account.this

  location   = google_artifact_registry_repository.builders.location
  repository = google_artifact_registry_repository.builders.name
  role       = "roles/artifactregistry.reader"
  member     = each.value.member
}

resource "google_billing_account_iam_member" "budget" {
  count = var.billing_account == null ? 0 : 1

  billing_account_id = var.billing_account
  role               = "roles/billing.costsManager"
  member             = google_service_account.this["deployer"].member
}

# Staging asks for a deployment; whether it happens, a person decides.
resource "google_project_iam_member" "promoter" {
  count = var.promoted_by == null ? 0 : 1

  project = var.project_id
  role    = "roles/cloudbuild.builds.editor"
  member  = "serviceAccount:${var.promoted_by}"
}
