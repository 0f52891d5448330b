// Fingerprint of an order: SHA-256 over the operation, a line feed and the canonical draft. Two requests under one key
// are the same order exactly when their fingerprints are equal.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <string_view>

#include "libs/orders/domain/ids.hpp"

namespace orderflow::contract {

// The hash is passed in: this folder knows no cryptography library.
using Sha256 = std::function<std::array<std::byte, 32>(std::string_view)>;

// The operation of every way to place an order: both routes, the form and batches. Part of the fingerprint and of the
// derivation of ids, so it never changes.
inline constexpr std::string_view create_operation = "orders.create";

orders::Fingerprint fingerprint_of(std::string_view operation, std::string_view canonical_draft, const Sha256& sha256);

}  // namespace orderflow::contract
