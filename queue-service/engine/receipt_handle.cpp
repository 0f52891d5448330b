#include "queue-service/engine/receipt_handle.hpp"

#include <algorithm>
#include <utility>

#include "libs/base/safeguard.hpp"

namespace orderflow::queue {

namespace {

constexpr std::byte version{1};
constexpr std::size_t named_bytes = 1 + 4 + 8 + 4;
constexpr std::size_t raw_bytes = named_bytes + 8;
using Raw = std::array<std::byte, raw_bytes + 2>;  // base64 works on groups of three; the padding is never sent
constexpr std::size_t text_length = 34;            // ceil(25 * 4 / 3)
constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

template <class T>
void put(std::span<std::byte> out, T value) {
    for (auto& byte : out) {
        byte = static_cast<std::byte>(value & 0xffU);
        if constexpr (sizeof(T) > 1) value >>= 8U;
    }
}

std::uint64_t get(std::span<const std::byte> in) {
    std::uint64_t value = 0;
    for (std::size_t i = in.size(); i-- > 0;) value = (value << 8U) | std::to_integer<std::uint64_t>(in[i]);
    return value;
}

std::string encode(const Raw& raw) {
    std::string text;
    text.reserve(raw.size() / 3 * 4);
    for (std::size_t i = 0; i < raw.size(); i += 3) {
        const auto group = (std::to_integer<unsigned>(raw[i]) << 16U) | (std::to_integer<unsigned>(raw[i + 1]) << 8U) |
                           std::to_integer<unsigned>(raw[i + 2]);
        for (const unsigned shift : {18U, 12U, 6U, 0U}) text += alphabet[(group >> shift) & 0x3fU];
    }
    text.resize(text_length);
    return text;
}

constexpr std::array<std::uint8_t, 256> make_decoder() {
    std::array<std::uint8_t, 256> table{};
    table.fill(0xff);
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        table[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return table;
}

bool decode(std::string_view text, Raw& raw) {
    static constexpr auto decoder = make_decoder();
    if (text.size() != text_length) return false;
    std::string padded(text);
    padded.append(raw.size() / 3 * 4 - text_length, alphabet[0]);
    for (std::size_t i = 0, at = 0; i < raw.size(); i += 3) {
        unsigned group = 0;
        for (int n = 0; n < 4; ++n) {
            const auto value = decoder[static_cast<unsigned char>(padded[at++])];
            if (value == 0xff) return false;
            group = (group << 6U) | value;
        }
        put(std::span(raw).subspan(i, 1), group >> 16U);
        put(std::span(raw).subspan(i + 1, 1), group >> 8U);
        put(std::span(raw).subspan(i + 2, 1), group);
    }
    return true;
}

}  // namespace

std::string to_receipt_handle(const SipKey& key, const DeliveryName& delivery) {
    Raw raw{};
    const std::span bytes(raw);
    raw[0] = version;
    put(bytes.subspan(1, 4), std::to_underlying(delivery.message.queue));
    put(bytes.subspan(5, 8), delivery.message.sequence);
    put(bytes.subspan(13, 4), delivery.receive_count);
    put(bytes.subspan(named_bytes, 8), sip_hash(key, bytes.first(named_bytes)));
    return encode(raw);
}

Result<DeliveryName> parse_receipt_handle(const SipKey& key, std::string_view text) {
    Raw raw{};
    const std::span<const std::byte> bytes(raw);
    // Spare bits of the last character are refused: one delivery has exactly one text.
    const bool readable = decode(text, raw) && raw[0] == version && raw[raw_bytes] == std::byte{0};
    const bool sealed = get(bytes.subspan(named_bytes, 8)) == sip_hash(key, bytes.first(named_bytes));
    const bool genuine = readable && (sealed || !safeguard(Safeguard::receipt_seal));
    if (!genuine) return fail(ErrorKind::invalid_input, "queue.receipt_handle_invalid");
    return DeliveryName{.message = {.queue = QueueNo{static_cast<std::uint32_t>(get(bytes.subspan(1, 4)))},
                                    .sequence = get(bytes.subspan(5, 8))},
                        .receive_count = static_cast<std::uint32_t>(get(bytes.subspan(13, 4)))};
}

}  // namespace orderflow::queue
