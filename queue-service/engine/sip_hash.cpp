#include "queue-service/engine/sip_hash.hpp"

#include <bit>

namespace orderflow::queue {

namespace {

std::uint64_t load_little_endian(std::span<const std::byte> bytes) noexcept {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) value |= std::to_integer<std::uint64_t>(bytes[i]) << (8U * i);
    return value;
}

struct State {
    std::uint64_t v0, v1, v2, v3;

    void round() noexcept {
        v0 += v1;
        v1 = std::rotl(v1, 13) ^ v0;
        v0 = std::rotl(v0, 32);
        v2 += v3;
        v3 = std::rotl(v3, 16) ^ v2;
        v0 += v3;
        v3 = std::rotl(v3, 21) ^ v0;
        v2 += v1;
        v1 = std::rotl(v1, 17) ^ v2;
        v2 = std::rotl(v2, 32);
    }
    void absorb(std::uint64_t word) noexcept {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }
};

}  // namespace

std::uint64_t sip_hash(const SipKey& key, std::span<const std::byte> input) noexcept {
    const auto k0 = load_little_endian(std::span(key).first<8>());
    const auto k1 = load_little_endian(std::span(key).last<8>());
    State state{k0 ^ 0x736f6d6570736575U, k1 ^ 0x646f72616e646f6dU, k0 ^ 0x6c7967656e657261U, k1 ^ 0x7465646279746573U};

    const auto length = static_cast<std::uint64_t>(input.size());
    for (; input.size() >= 8; input = input.subspan(8)) state.absorb(load_little_endian(input.first(8)));
    state.absorb(load_little_endian(input) | (length << 56U));

    state.v2 ^= 0xffU;
    for (int i = 0; i < 4; ++i) state.round();
    return state.v0 ^ state.v1 ^ state.v2 ^ state.v3;
}

}  // namespace orderflow::queue
