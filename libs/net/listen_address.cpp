#include "libs/net/listen_address.hpp"

#include <arpa/inet.h>

#include <charconv>
#include <utility>

namespace orderflow::net {

namespace {

bool is_ip(int family, const std::string& text) {
    in6_addr address{};  // the larger of the two
    return inet_pton(family, text.c_str(), &address) == 1;
}

}  // namespace

Result<ListenAddress> ListenAddress::parse(std::string_view text) {
    const auto malformed = [text] {
        return fail(ErrorKind::invalid_input, "listen.malformed",
                    "'" + std::string(text) + "' is not ADDRESS:PORT, as in 127.0.0.1:8080 or [::1]:8080");
    };
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return malformed();
    auto host = text.substr(0, colon);
    const auto digits = text.substr(colon + 1);
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return malformed();
    const bool bracketed = host.starts_with('[') && host.ends_with(']');
    if (bracketed) host = host.substr(1, host.size() - 2);
    ListenAddress address{.host = std::string(host == "localhost" ? "127.0.0.1" : host), .port = port};
    if (!is_ip(bracketed ? AF_INET6 : AF_INET, address.host)) return malformed();
    return address;
}

bool ListenAddress::is_loopback() const { return host == "::1" || host.starts_with("127."); }

std::string ListenAddress::to_string() const {
    const auto number = std::to_string(port);
    return host.contains(':') ? "[" + host + "]:" + number : host + ":" + number;
}

}  // namespace orderflow::net
