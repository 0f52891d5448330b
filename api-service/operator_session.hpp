// OperatorSession: a browser's proof that its operator showed a token. It is a signed text and stands in no memory and
// no store, so every instance knows it, and it is over when its time is, or when the token is another one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "libs/base/clock.hpp"
#include "libs/base/entropy.hpp"
#include "libs/net/request.hpp"

namespace orderflow::api {

enum class OperatorRole : std::uint8_t {
    reader,  // may look
    full,    // may look and command
};
// "reader", "operator".
std::string_view to_string(OperatorRole role) noexcept;

// A MAC over `text` whose key is made of `key` and a secret of the installation, the same on all its instances. Any
// thread.
using Mac = std::function<std::array<std::byte, 32>(std::string_view key, std::string_view text)>;

struct OperatorSession {
    OperatorRole role;
    WallTime expires_at;
    std::string csrf_token;  // to be sent back in X-CSRF-Token with every request that changes something
};

// Any thread.
class OperatorSessions {
  public:
    // A working day; it does not slide.
    static constexpr std::chrono::hours life{8};

    OperatorSessions(std::optional<std::string> token, std::optional<std::string> read_token, Mac mac)
        : token_(std::move(token)), read_token_(std::move(read_token)), mac_(std::move(mac)) {}

    // The text of a new session for the bearer of the role's token, which is configured.
    std::string open(OperatorRole role, WallTime now, Entropy& entropy) const;

    // Nothing: it is none of ours, or over. Its MAC is compared in constant time.
    std::optional<OperatorSession> find(std::string_view text, WallTime now) const;

  private:
    const std::optional<std::string>& token_of(OperatorRole role) const {
        return role == OperatorRole::full ? token_ : read_token_;
    }
    std::string sign(OperatorRole role, std::string_view purpose, std::string_view head) const;

    std::optional<std::string> token_;
    std::optional<std::string> read_token_;
    Mac mac_;
};

// The cookie of a session. Behind TLS its name has the prefix __Host-, which browsers give to no other host, path or
// scheme; without TLS there is one for programs of this machine alone. Source: RFC 6265bis, section 4.1.3.2.
inline constexpr std::string_view secure_session_cookie = "__Host-orderflow-session";
inline constexpr std::string_view local_session_cookie = "orderflow-session";

// The value of the first cookie of that name.
std::optional<std::string_view> cookie_of(const net::Request& request, std::string_view name);

// Set-Cookie for a new session; an empty text takes it away.
std::string session_cookie(std::string_view text, bool secure);

// Whether a browser says that the request comes from a page of this very site: Sec-Fetch-Site is same-origin (or none:
// typed by a person), and Origin names the host that was asked. Programs say neither, which is fine: only browsers can
// be led.
bool is_of_same_site(const net::Request& request);
// Whether a page of this site that was loaded over TLS sends it.
bool is_from_secure_page(const net::Request& request);

}  // namespace orderflow::api
