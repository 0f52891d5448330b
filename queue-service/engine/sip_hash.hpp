// SipHash-2-4: a keyed 64-bit tag over short input. Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF",
// 2012. It makes receipt handles unforgeable without the engine depending on a crypto library.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace orderflow::queue {

using SipKey = std::array<std::byte, 16>;

std::uint64_t sip_hash(const SipKey& key, std::span<const std::byte> input) noexcept;

}  // namespace orderflow::queue
