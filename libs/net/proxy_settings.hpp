// ProxySettings: which proxy a request goes through, from the environment's usual variables. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libs/base/settings.hpp"
#include "libs/net/url.hpp"

namespace orderflow::net {

struct ProxySettings {
    std::optional<Url> for_http;
    std::optional<Url> for_https;
    std::vector<std::string> exceptions;  // of NO_PROXY, in lower case

    // http_proxy, https_proxy and no_proxy, or their names in capitals; the small ones win. HTTP_PROXY does not count
    // in a CGI program (REQUEST_METHOD is set), where a client's field "Proxy:" would become that variable. A value
    // without a scheme is "http://value". invalid_input "proxy.unsupported" for a proxy that is not spoken to in plain
    // HTTP (https://, socks5://), "url.malformed" for no URL.
    static Result<ProxySettings> from(const Environment& environment);
};

// Nothing: the server itself. A machine's own loopback and link-local addresses (169.254.0.0/16: where cloud machines
// get their credentials) are never asked of a proxy. An exception is "*", a name that stands for its subdomains too
// (a leading dot changes nothing), an address, a network such as 10.0.0.0/8, each with or without ":port".
std::optional<Url> proxy_for(const Url& url, const ProxySettings& settings);

// The value of Proxy-Authorization for a proxy with user information ("Basic ..."); nothing without.
std::optional<std::string> proxy_authorization(const Url& proxy);

}  // namespace orderflow::net
