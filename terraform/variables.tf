variable "alert_email" {
  description = "Who is told when something needs a person."
  type        = string

  validation {
    condition     = can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.alert_email))
    error_message = "alert_email must be an e-mail address, as platform@example.com."
  }
}

variable "billing_account" {
  description = "The billing account whose budget is watched, as 0A1B2C-3D4E5F-6A7B8C; null where somebody else watches it."
  type        = string
  default     = null

  validation {
    condition     = var.billing_account == null || can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.billing_account))
    error_message = "billing_account must look like 0A1B2C-3D4E5F-6A7B8C."
  }
}

variable "budget" {
  description = "What a month may cost before somebody is told: a whole number of units of the currency."
  type        = object({ amount = number, currency = string })
  default     = { amount = 500, currency = "USD" }

  validation {
    condition     = var.budget.amount > 0 && floor(var.budget.amount) == var.budget.amount && can(regex("^[A-Z]{3}$", var.budget.currency))
    error_message = "budget must be a whole amount above zero and a currency of three capitals, as { amount = 500, currency = \"USD\" }."
  }
}

variable "dashboard_host" {
  description = "The host of the portal, the owners' dashboard and the admin API. Best no subdomain of store_domain: no cookie of the one is then ever sent to the other."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.dashboard_host))
    error_message = "dashboard_host must be a host name in small letters, as stores.example.com."
  }

  validation {
    condition     = !endswith(var.dashboard_host, ".${var.store_domain}") && var.dashboard_host != var.store_domain
    error_message = "dashboard_host must not be store_domain or lie under it: its cookies would be within reach of merchants' pages."
  }
}

variable "env" {
  description = "Which environment this is; its values stand in envs/<env>.tfvars."
  type        = string

  validation {
    condition     = contains(["staging", "prod"], var.env)
    error_message = "env must be staging or prod."
  }
}

variable "google_sign_in" {
  description = "Whether admins may sign in at the portal with Google's pop-up: it loads a script of Google's, which the content security policy then allows."
  type        = bool
  default     = false
}

variable "log_level" {
  description = "What the functions log: DEBUG, INFO, WARNING or ERROR."
  type        = string
  default     = "INFO"

  validation {
    condition     = contains(["DEBUG", "INFO", "WARNING", "ERROR"], var.log_level)
    error_message = "log_level must be DEBUG, INFO, WARNING or ERROR."
  }
}

variable "mail_from" {
  description = "The sender of the welcome mail; SendGrid must know it as a verified sender."
  type        = string

  validation {
    condition     = can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.mail_from))
    error_message = "mail_from must be an e-mail address, as stores@example.com."
  }
}

variable "mail_from_name" {
  description = "The sender's name."
  type        = string

  validation {
    condition     = length(trimspace(var.mail_from_name)) > 0 && length(var.mail_from_name) <= 100
    error_message = "mail_from_name must have 1 to 100 characters."
  }
}

variable "max_instances" {
  description = "How many instances each function may have at most: what bounds a bill, and the load on Firestore."
  type        = map(number)
  default     = {}

  validation {
    condition     = alltrue([for name, most in var.max_instances : contains(keys(local.functions), name) && most >= 1 && most <= 1000])
    error_message = "max_instances names functions as they are called in functions.tf, each with 1 to 1000."
  }
}

variable "min_instances" {
  description = "How many instances of each function stay warm; none where it is not named."
  type        = map(number)
  default     = {}

  validation {
    condition     = alltrue([for name, least in var.min_instances : contains(keys(local.functions), name) && least >= 0 && least <= 100])
    error_message = "min_instances names functions as they are called in functions.tf, each with 0 to 100."
  }
}

variable "portal_firebase" {
  description = "What the portal tells Firebase about itself, as `firebase apps:sdkconfig web` prints it. The key names the project to Google and is read by every browser: it is no secret."
  type        = object({ api_key = string, app_id = string, auth_domain = string })

  validation {
    condition     = alltrue([for value in values(var.portal_firebase) : length(trimspace(value)) > 0])
    error_message = "portal_firebase needs api_key, app_id and auth_domain."
  }
}

variable "project_id" {
  description = "The project that holds this environment, and nothing else."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project_id))
    error_message = "project_id must be a project's id: 6 to 30 small letters, digits and hyphens."
  }
}

variable "region" {
  description = "Where everything is: Firestore, functions and their triggers must be in one place. Firestore's cannot be changed later."
  type        = string

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region must be one region, as europe-west1; a multi-region has no triggers of its own."
  }
}

variable "sendgrid_url" {
  description = "Where SendGrid answers: another host for an account in the European Union."
  type        = string
  default     = "https://api.sendgrid.com"

  validation {
    condition     = startswith(var.sendgrid_url, "https://")
    error_message = "sendgrid_url must begin with https://."
  }
}

variable "source_object" {
  description = "The zip of all functions in the bucket of sources, named by its content: what `make package` prints."
  type        = string

  validation {
    condition     = can(regex("^functions/[0-9a-f]{64}\\.zip$", var.source_object))
    error_message = "source_object must be functions/<sha256>.zip, as `make package` prints it."
  }
}

variable "step_budget_seconds" {
  description = "B: seconds that one attempt at a step may take. Time-outs, leases and deadlines follow from it."
  type        = number
  default     = 6

  validation {
    condition     = var.step_budget_seconds >= 1 && var.step_budget_seconds <= 120
    error_message = "step_budget_seconds must be between 1 and 120."
  }
}

variable "store_domain" {
  description = "Stores live at <subdomain>.<this>; its DNS zone is made here."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.store_domain))
    error_message = "store_domain must be a domain in small letters, as shops.example.com."
  }
}
