#include "libs/net/proxy_settings.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <string_view>

#include "libs/net/ascii.hpp"

namespace orderflow::net {
namespace {

namespace ip = boost::asio::ip;
using boost::system::error_code;

std::optional<std::string> value_of(const Environment& environment, std::string_view name) {
    const auto found = environment.find(name);
    if (found == environment.end() || found->second.empty()) return std::nullopt;
    return found->second;
}

Result<std::optional<Url>> read_proxy(const std::optional<std::string>& text) {
    if (!text) return std::nullopt;
    auto url = Url::parse(text->contains("://") ? *text : "http://" + *text);
    const bool other_scheme = text->contains("://") && !text->starts_with("http://");
    if (other_scheme || (url && url->secure)) {
        return fail(ErrorKind::invalid_input, "proxy.unsupported", "only http:// proxies are supported");
    }
    if (!url) return fail(std::move(url).error());  // its text may hold a password: not repeated
    return *url;
}

std::vector<std::string> read_exceptions(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto end = std::min(text.find(','), text.size());
        std::string entry(trim_ows(text.substr(0, end)));
        std::ranges::transform(entry, entry.begin(), to_lower);
        if (!entry.empty()) out.push_back(std::move(entry));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::optional<ip::address> address_of(const std::string& host) {
    error_code no_address;
    auto address = ip::make_address(host, no_address);
    if (no_address) return std::nullopt;
    return address;
}

bool stays_on_the_machine(const std::string& host) {
    if (host == "localhost" || host.ends_with(".localhost")) return true;
    const auto address = address_of(host);
    if (!address) return false;
    if (address->is_loopback()) return true;
    if (address->is_v6()) return address->to_v6().is_link_local();
    const auto bytes = address->to_v4().to_bytes();
    return bytes[0] == 169 && bytes[1] == 254;
}

bool in_network(const ip::address& address, const std::string& network) {
    error_code wrong;
    if (address.is_v4()) {
        const auto v4 = ip::make_network_v4(network, wrong);
        return !wrong && ip::network_v4(address.to_v4(), v4.prefix_length()).canonical() == v4.canonical();
    }
    const auto v6 = ip::make_network_v6(network, wrong);
    return !wrong && ip::network_v6(address.to_v6(), v6.prefix_length()).canonical() == v6.canonical();
}

// Takes ":8080" off the end of an entry and says whether it is the port of the URL. "::1" has no port.
bool port_fits(std::string& entry, std::uint16_t port) {
    const auto colon = entry.rfind(':');
    const bool bracketed = entry.starts_with('[');
    const bool has_port =
        colon != std::string::npos && (bracketed ? colon > entry.find(']') : entry.find(':') == colon);
    const bool fits = !has_port || std::string_view(entry).substr(colon + 1) == std::to_string(port);
    if (has_port) entry.erase(colon);
    if (bracketed && entry.ends_with(']')) entry = entry.substr(1, entry.size() - 2);
    return fits;
}

bool is_exception(const Url& url, std::string entry) {
    if (entry == "*") return true;
    if (!port_fits(entry, url.port)) return false;
    if (const auto address = address_of(url.host)) {
        if (entry.contains('/')) return in_network(*address, entry);
        return address_of(entry) == address;
    }
    if (entry.starts_with('.')) entry.erase(0, 1);
    return !entry.empty() && (url.host == entry || url.host.ends_with("." + entry));
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            const auto octet = at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U;
            group = (group << 8U) | octet;
        }
        for (std::size_t i = 0; i < 4; ++i) {
            out += at + i <= bytes.size() ? digits[(group >> (18U - 6U * i)) & 63U] : '=';
        }
    }
    return out;
}

// A broken escape stays as it is written: passwords with a bare '%' exist.
std::string decode(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool escape =
            text[at] == '%' && at + 2 < text.size() && hex_value(text[at + 1]) >= 0 && hex_value(text[at + 2]) >= 0;
        if (!escape) {
            out += text[at];
            continue;
        }
        out += static_cast<char>(hex_value(text[at + 1]) * 16 + hex_value(text[at + 2]));
        at += 2;
    }
    return out;
}

}  // namespace

Result<ProxySettings> ProxySettings::from(const Environment& environment) {
    ProxySettings settings;
    const auto either = [&](std::string_view small, std::string_view capital) {
        auto value = value_of(environment, small);
        return value ? value : value_of(environment, capital);
    };
    const bool in_cgi = environment.contains("REQUEST_METHOD");
    auto http = read_proxy(in_cgi ? value_of(environment, "http_proxy") : either("http_proxy", "HTTP_PROXY"));
    if (!http) return fail(std::move(http).error());
    auto https = read_proxy(either("https_proxy", "HTTPS_PROXY"));
    if (!https) return fail(std::move(https).error());
    settings.for_http = std::move(*http);
    settings.for_https = std::move(*https);
    settings.exceptions = read_exceptions(either("no_proxy", "NO_PROXY").value_or(""));
    return settings;
}

std::optional<Url> proxy_for(const Url& url, const ProxySettings& settings) {
    const auto& proxy = url.secure ? settings.for_https : settings.for_http;
    if (!proxy || stays_on_the_machine(url.host)) return std::nullopt;
    for (const auto& entry : settings.exceptions) {
        if (is_exception(url, entry)) return std::nullopt;
    }
    return proxy;
}

std::optional<std::string> proxy_authorization(const Url& proxy) {
    if (proxy.user_info.empty()) return std::nullopt;
    return "Basic " + base64(decode(proxy.user_info));
}

}  // namespace orderflow::net
