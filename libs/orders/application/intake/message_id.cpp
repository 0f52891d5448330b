#include "libs/orders/application/intake/message_id.hpp"

#include <array>

namespace orderflow::orders {

std::string new_message_id(Entropy& entropy) {
    static constexpr std::string_view hex = "0123456789abcdef";
    std::array<std::byte, 16> bytes{};
    entropy.fill(bytes);
    std::string id;
    id.reserve(2 * bytes.size());
    for (const auto byte : bytes) {
        id += hex[std::to_integer<std::size_t>(byte >> 4)];
        id += hex[std::to_integer<std::size_t>(byte & std::byte{15})];
    }
    return id;
}

}  // namespace orderflow::orders
