// Strong identifiers. A value that exists is well formed: parse() is the only way in from text.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace orderflow::orders {

// `ord_` + 26 Crockford base32 characters: an 80-bit body and a 48-bit keyed tag. Whether the tag is ours is not known
// here; the OrderIds port tells.
class OrderId {
  public:
    static constexpr std::size_t body_size = 10;
    static constexpr std::size_t tag_size = 6;
    static constexpr std::size_t size = body_size + tag_size;
    static constexpr std::size_t text_size = 30;
    using Bytes = std::array<std::byte, size>;

    OrderId() = default;
    explicit OrderId(const Bytes& bytes) : bytes_(bytes) {}

    // Exactly the text form, lower or upper case; nothing else (no spaces, no i/l/o/u look-alikes).
    static std::optional<OrderId> parse(std::string_view text);
    std::string to_string() const;

    const Bytes& bytes() const noexcept { return bytes_; }
    std::span<const std::byte, body_size> body() const noexcept { return std::span(bytes_).first<body_size>(); }
    std::span<const std::byte, tag_size> tag() const noexcept { return std::span(bytes_).last<tag_size>(); }

    friend auto operator<=>(const OrderId&, const OrderId&) = default;

  private:
    Bytes bytes_{};
};

// SHA-256 of operation and canonical order content.
struct Fingerprint {
    std::array<std::byte, 32> bytes{};
    std::string to_hex() const;
    static std::optional<Fingerprint> from_hex(std::string_view text);
    friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

// 1 to 64 characters of A-Z a-z 0-9 . _ -
class Sku {
  public:
    static std::optional<Sku> parse(std::string_view text);
    const std::string& value() const noexcept { return value_; }
    friend auto operator<=>(const Sku&, const Sku&) = default;

  private:
    explicit Sku(std::string value) : value_(std::move(value)) {}
    std::string value_;
};

// Names one effect at the payment provider, e.g. `ord_...:charge`. The provider does each at most once.
struct EffectKey {
    std::string value;
    friend auto operator<=>(const EffectKey&, const EffectKey&) = default;
};

EffectKey charge_effect(const OrderId& id);
EffectKey refund_effect(const OrderId& id);
// The order that one of those two keys is of; nothing for any other text.
std::optional<OrderId> order_of(const EffectKey& key);

}  // namespace orderflow::orders

template <>
struct std::hash<orderflow::orders::OrderId> {
    std::size_t operator()(const orderflow::orders::OrderId& id) const noexcept {
        std::size_t word = 0;  // the body is a MAC or random: any eight bytes of it are a hash
        for (std::size_t i = 0; i < sizeof(word); ++i) word = word << 8U | std::to_integer<std::size_t>(id.bytes()[i]);
        return word;
    }
};
