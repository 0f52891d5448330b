#include "libs/orders/domain/ids.hpp"

#include "libs/orders/domain/limits.hpp"

namespace orderflow::orders {
namespace {

constexpr std::string_view crockford = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::string_view id_prefix = "ord_";
constexpr std::size_t digits = 26;  // 130 bits: the first digit holds only the top three bits

std::optional<unsigned> crockford_value(char c) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const auto at = crockford.find(c);
    if (at == std::string_view::npos) return std::nullopt;
    return static_cast<unsigned>(at);
}

std::optional<unsigned> hex_value(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    return std::nullopt;
}

}  // namespace

std::optional<OrderId> OrderId::parse(std::string_view text) {
    if (text.size() != text_size || !text.starts_with(id_prefix)) return std::nullopt;
    text.remove_prefix(id_prefix.size());
    unsigned __int128 number = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        const auto value = crockford_value(text[i]);
        if (!value || (i == 0 && *value > 7)) return std::nullopt;
        number = number << 5U | *value;
    }
    Bytes bytes;
    for (std::size_t i = size; i-- > 0; number >>= 8U) bytes[i] = static_cast<std::byte>(number & 0xFFU);
    return OrderId(bytes);
}

std::string OrderId::to_string() const {
    unsigned __int128 number = 0;
    for (const auto byte : bytes_) number = number << 8U | std::to_integer<unsigned>(byte);
    std::string text(text_size, '0');
    id_prefix.copy(text.data(), id_prefix.size());
    for (std::size_t i = text_size; i-- > id_prefix.size(); number >>= 5U) {
        text[i] = crockford[static_cast<std::size_t>(number & 31U)];
    }
    return text;
}

std::string Fingerprint::to_hex() const {
    constexpr std::string_view hex = "0123456789abcdef";
    std::string text(bytes.size() * 2, '0');
    auto* out = text.data();
    for (const auto byte : bytes) {
        *out++ = hex[std::to_integer<std::size_t>(byte >> 4)];
        *out++ = hex[std::to_integer<std::size_t>(byte & std::byte{15})];
    }
    return text;
}

std::optional<Fingerprint> Fingerprint::from_hex(std::string_view text) {
    Fingerprint result;
    if (text.size() != result.bytes.size() * 2) return std::nullopt;
    for (std::size_t i = 0; i < result.bytes.size(); ++i) {
        const auto high = hex_value(text[2 * i]);
        const auto low = hex_value(text[2 * i + 1]);
        if (!high || !low) return std::nullopt;
        result.bytes[i] = static_cast<std::byte>(*high << 4U | *low);
    }
    return result;
}

std::optional<Sku> Sku::parse(std::string_view text) {
    if (text.empty() || text.size() > limits::sku_max) return std::nullopt;
    for (const char c : text) {
        const bool ok = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
                        c == '_' || c == '-';
        if (!ok) return std::nullopt;
    }
    return Sku(std::string(text));
}

EffectKey charge_effect(const OrderId& id) { return EffectKey{id.to_string() + ":charge"}; }
EffectKey refund_effect(const OrderId& id) { return EffectKey{id.to_string() + ":refund"}; }

std::optional<OrderId> order_of(const EffectKey& key) {
    const auto id = OrderId::parse(std::string_view(key.value).substr(0, OrderId::text_size));
    if (!id || (key != charge_effect(*id) && key != refund_effect(*id))) return std::nullopt;
    return id;
}

}  // namespace orderflow::orders
