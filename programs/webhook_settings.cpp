#include "programs/webhook_settings.hpp"

#include <algorithm>
#include <string_view>

namespace orderflow {

net::OutboundRules read_webhook_rules(SettingsReader& settings) {
    constexpr std::string_view name = "ORDERFLOW_WEBHOOK_ALLOW";
    net::OutboundRules rules;
    const auto text = settings.optional_text(name);
    for (std::string_view rest = text ? std::string_view(*text) : std::string_view(); !rest.empty();) {
        auto word = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(word.size() + 1, rest.size()));
        word.remove_prefix(std::min(word.find_first_not_of(' '), word.size()));
        if (word == "private") {
            rules.private_addresses = true;
        } else if (word == "http") {
            rules.plain_http = true;
        } else {
            settings.refuse(name, "expected private, http, or private,http");
        }
    }
    return rules;
}

std::string webhook_rules_help() {
    return "  ORDERFLOW_WEBHOOK_ALLOW  private, http: webhooks may go to addresses that are not public, without "
           "TLS\n";
}

}  // namespace orderflow
