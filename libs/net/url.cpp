#include "libs/net/url.hpp"

#include <algorithm>
#include <boost/asio/ip/address_v6.hpp>
#include <charconv>

#include "libs/net/ascii.hpp"

namespace orderflow::net {
namespace {

constexpr std::size_t url_bytes_max = 8 * 1024;
constexpr std::size_t host_bytes_max = 253;  // RFC 1035, 2.3.4, as text

std::unexpected<Error> malformed(std::string why) {
    return fail(ErrorKind::invalid_input, "url.malformed", std::move(why));
}

std::uint16_t default_port(bool secure) noexcept { return secure ? 443 : 80; }

bool is_visible(char c) noexcept { return c > 0x20 && c < 0x7F; }

bool is_name_char(char c) noexcept { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '.' || c == '-' || c == '_'; }

bool is_ipv6(const std::string& host) {
    boost::system::error_code no_address;
    boost::asio::ip::make_address_v6(host, no_address);
    return !no_address;
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), to_lower);
    return out;
}

std::string bracketed(const std::string& host) { return host.contains(':') ? "[" + host + "]" : host; }

// "example.com", "example.com:81", "[::1]:81"; what is not written stays as it is.
Result<void> read_host_and_port(std::string_view text, Url& out) {
    std::string_view port;
    bool has_port = false;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return malformed("a bracket is not closed");
        out.host = lower(text.substr(1, end - 1));
        if (!is_ipv6(out.host)) return malformed("no IPv6 address in the brackets");
        const auto rest = text.substr(end + 1);
        has_port = rest.starts_with(':');
        if (!rest.empty() && !has_port) return malformed("the host is followed by something else than a port");
        if (has_port) port = rest.substr(1);
    } else {
        const auto colon = text.find(':');
        has_port = colon != std::string_view::npos;
        out.host = lower(text.substr(0, colon));
        if (has_port) port = text.substr(colon + 1);
        if (out.host.empty() || out.host.size() > host_bytes_max || !std::ranges::all_of(out.host, is_name_char)) {
            return malformed("no host name");
        }
    }
    if (!has_port) return {};
    const auto* end = port.data() + port.size();
    const auto [at, error] = std::from_chars(port.data(), end, out.port);
    if (error != std::errc() || at != end || out.port == 0) return malformed("the port is not 1 to 65535");
    return {};
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
    Url url;
    const auto scheme_end = text.find("://");
    if (scheme_end == std::string_view::npos) return malformed("no scheme");
    if (text.size() > url_bytes_max) return malformed("longer than 8 KiB");
    if (!std::ranges::all_of(text, is_visible)) return malformed("a blank, a control character or no ASCII");
    const auto scheme = lower(text.substr(0, scheme_end));
    if (scheme != "http" && scheme != "https") return malformed("the scheme is neither http nor https");
    url.secure = scheme == "https";
    url.port = default_port(url.secure);

    auto rest = text.substr(scheme_end + 3);
    rest = rest.substr(0, rest.find('#'));
    const auto authority_end = std::min(rest.find_first_of("/?"), rest.size());
    auto authority = rest.substr(0, authority_end);
    const auto target = rest.substr(authority_end);
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        url.user_info = authority.substr(0, at);
        authority.remove_prefix(at + 1);
    }
    if (auto read = read_host_and_port(authority, url); !read) return fail(std::move(read).error());
    url.target = target.starts_with('/') ? std::string(target) : "/" + std::string(target);
    return url;
}

std::string Url::authority() const {
    auto out = bracketed(host);
    if (port != default_port(secure)) out += ":" + std::to_string(port);
    return out;
}

std::string Url::origin() const { return std::string(scheme()) + "://" + bracketed(host) + ":" + std::to_string(port); }

}  // namespace orderflow::net
