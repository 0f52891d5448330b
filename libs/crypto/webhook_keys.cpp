#include "libs/crypto/webhook_keys.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "libs/base/base64.hpp"
#include "libs/base/safeguard.hpp"

namespace orderflow::crypto {
namespace {

constexpr std::string_view secret_prefix = "whsec_";
constexpr std::string_view version_prefix = "v1,";
constexpr std::size_t secret_bytes_min = 24;
constexpr std::size_t secret_bytes_max = 64;
constexpr std::size_t signatures_max = 8;  // of one message; the others are not looked at

std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text)); }

// The next word, which is removed from `text`; empty at the end.
std::string_view take_word(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    return word;
}

std::optional<HmacKey> key_of(std::string_view secret) {
    if (!secret.starts_with(secret_prefix)) return std::nullopt;
    const auto key = from_base64(secret.substr(secret_prefix.size()));
    if (!key || key->size() < secret_bytes_min || key->size() > secret_bytes_max) return std::nullopt;
    return HmacKey(bytes_of(*key));
}

std::optional<std::int64_t> seconds_of(std::string_view text) {
    std::int64_t seconds = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, seconds);
    if (parsed.ec != std::errc() || parsed.ptr != end) return std::nullopt;
    return seconds;
}

}  // namespace

Result<WebhookKeys> WebhookKeys::parse(std::string_view secrets) {
    std::vector<HmacKey> keys;
    for (auto word = take_word(secrets); !word.empty(); word = take_word(secrets)) {
        auto key = key_of(word);
        if (!key || keys.size() == secrets_max) {
            keys.clear();
            break;
        }
        keys.push_back(*std::move(key));
    }
    if (!keys.empty()) return WebhookKeys(std::move(keys));
    return fail(ErrorKind::invalid_input, "webhook.secret_malformed",
                "expected whsec_ and 24 to 64 bytes in Base64; up to three secrets, separated by blanks");
}

std::string WebhookKeys::timestamp(WallTime at) {
    return std::to_string(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count());
}

std::string WebhookKeys::sign(std::string_view id, std::string_view timestamp, std::string_view body) const {
    std::string signatures;
    for (const auto& key : keys_) {
        const auto mac = key.mac({id, ".", timestamp, ".", body});
        if (!signatures.empty()) signatures += ' ';
        signatures += version_prefix;
        signatures += to_base64({reinterpret_cast<const char*>(mac.data()), mac.size()});
    }
    return signatures;
}

Result<void> WebhookKeys::verify(const WebhookFields& fields, std::string_view body, WallTime now) const {
    if (fields.id.empty() || fields.timestamp.empty() || fields.signature.empty()) {
        return fail(ErrorKind::unauthorized, "webhook.signature_missing");
    }
    const auto seconds = seconds_of(fields.timestamp);
    const auto ours = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    constexpr std::int64_t skew = std::chrono::seconds(skew_max).count();
    const bool timely = seconds && *seconds >= ours - skew && *seconds <= ours + skew;
    if (!timely && safeguard(Safeguard::signature_age)) {
        return fail(ErrorKind::unauthorized, "webhook.timestamp_wrong");
    }
    bool good = false;
    auto rest = fields.signature;
    for (std::size_t i = 0; i < signatures_max; ++i) {
        const auto word = take_word(rest);
        const auto claimed =
            word.starts_with(version_prefix) ? from_base64(word.substr(version_prefix.size())) : std::nullopt;
        if (!claimed) continue;
        for (const auto& key : keys_) {
            const auto mac = key.mac({fields.id, ".", fields.timestamp, ".", body});
            good |= equal_in_constant_time(bytes_of(*claimed), mac);
        }
    }
    if (!good) return fail(ErrorKind::unauthorized, "webhook.signature_wrong");
    return {};
}

}  // namespace orderflow::crypto
