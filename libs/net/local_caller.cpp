#include "libs/net/local_caller.hpp"

#include "libs/net/ascii.hpp"

namespace orderflow::net {

bool is_loopback(std::string_view peer) noexcept {
    return peer.starts_with("127.") || peer == "::1" || peer.starts_with("::ffff:127.");
}

bool names_this_machine(std::string_view authority) {
    if (authority.starts_with('[')) return authority.substr(0, authority.find(']') + 1) == "[::1]";
    const auto host = authority.substr(0, authority.find(':'));
    if (iequals(host, "localhost")) return true;
    // A name may begin with "127." too; an address has digits and dots only.
    return is_loopback(host) && host.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool speaks_for_itself(const Request& request) {
    for (const auto* proxied : {"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via"}) {
        if (request.field(proxied)) return false;
    }
    const auto host = request.field("Host");
    return !host || names_this_machine(*host);
}

}  // namespace orderflow::net
