// Where webhooks may go: a setting of the API, which takes their URLs, and of the worker, which calls them.
#pragma once

#include <string>

#include "libs/base/settings.hpp"
#include "libs/net/public_address.hpp"

namespace orderflow {

// ORDERFLOW_WEBHOOK_ALLOW: "private" (addresses that are not public), "http", or both with a comma. Notes an error in
// `settings`.
net::OutboundRules read_webhook_rules(SettingsReader& settings);
std::string webhook_rules_help();

}  // namespace orderflow
