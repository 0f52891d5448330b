#include "libs/storage/sqlite/stored_ids.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace orderflow::storage {
namespace {

constexpr std::uint64_t room = 1'000'000;        // orders, beside as many as there are
constexpr std::uint64_t bits_per_order = 12;     // with six bits set for each: about 1 of 200 new ids looks stored
constexpr std::uint64_t bits_max = 1ULL << 30U;  // 128 MiB, for 90 million orders
constexpr std::uint64_t block_bits = 512;

// Six positions of nine bits each, in one word of hash.
constexpr unsigned position_bits = 9;
constexpr unsigned positions = 6;

std::uint64_t block_count(std::uint64_t orders) {
    const auto wanted = std::min(orders, bits_max) * 2 + room;
    return std::bit_ceil(std::min(wanted * bits_per_order, bits_max)) / block_bits;
}

// The finalizer of MurmurHash3 (Appleby): the ids of a test may differ in one bit only.
std::uint64_t mix(std::uint64_t word) {
    word = (word ^ word >> 33U) * 0xff51afd7ed558ccdULL;
    word = (word ^ word >> 33U) * 0xc4ceb9fe1a85ec53ULL;
    return word ^ word >> 33U;
}

}  // namespace

struct StoredIds::Place {
    std::size_t block;
    std::array<std::uint64_t, 8> bits{};
};

StoredIds::StoredIds(std::uint64_t orders) : blocks_(block_count(orders)) {}

StoredIds::Place StoredIds::place_of(const orders::OrderId& id) const noexcept {
    std::array<std::uint64_t, 2> words{};
    static_assert(sizeof(words) == orders::OrderId::size);
    std::memcpy(words.data(), id.bytes().data(), sizeof(words));
    const auto first = mix(words[0]);
    auto second = mix(words[1] ^ first);
    Place place{.block = first & (blocks_.size() - 1)};
    for (unsigned i = 0; i < positions; ++i, second >>= position_bits) {
        const auto bit = second % block_bits;
        place.bits[bit / 64] |= 1ULL << bit % 64;
    }
    return place;
}

void StoredIds::add(const orders::OrderId& id) noexcept {
    const auto place = place_of(id);
    auto& words = blocks_[place.block].words;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (place.bits[i] != 0) words[i].fetch_or(place.bits[i], std::memory_order_relaxed);
    }
}

bool StoredIds::excludes(const orders::OrderId& id) const noexcept {
    if (!complete_.load(std::memory_order_acquire)) return false;
    const auto place = place_of(id);
    const auto& words = blocks_[place.block].words;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if ((words[i].load(std::memory_order_relaxed) & place.bits[i]) != place.bits[i]) return true;
    }
    return false;
}

}  // namespace orderflow::storage
