#include "libs/testing/sim_file.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "libs/base/invariant.hpp"

namespace orderflow {

std::size_t SimFile::read(std::uint64_t at, std::span<std::byte> out) const {
    const auto from = std::min<std::uint64_t>(at, seen_.size());
    const auto there = std::min<std::size_t>(out.size(), seen_.size() - from);
    std::copy_n(seen_.begin() + static_cast<std::ptrdiff_t>(from), there, out.begin());
    std::ranges::fill(out.subspan(there), std::byte{0});
    return there;
}

bool SimFile::shows(std::uint64_t at, std::span<const std::byte> bytes) const {
    if (at + bytes.size() > seen_.size()) return false;
    return std::ranges::equal(std::span(seen_).subspan(at, bytes.size()), bytes);
}

void SimFile::put(Bytes& into, std::uint64_t at, std::span<const std::byte> bytes) {
    if (into.size() < at + bytes.size()) into.resize(at + bytes.size());
    std::ranges::copy(bytes, into.begin() + static_cast<std::ptrdiff_t>(at));
}

void SimFile::write(std::uint64_t at, std::span<const std::byte> bytes) {
    put(seen_, at, bytes);
    unsynced_.push_back({.at = at, .bytes = Bytes(bytes.begin(), bytes.end())});
}

void SimFile::truncate(std::uint64_t size) {
    seen_.resize(size);
    unsynced_.push_back({.at = size, .bytes = {}, .is_truncate = true});
}

void SimFile::redo(Bytes& on, const Change& change) {
    if (change.is_truncate) {
        on.resize(change.at);
    } else {
        put(on, change.at, change.bytes);
    }
}

void SimFile::sync() {
    for (const auto& change : std::exchange(unsynced_, {})) redo(medium_, change);
}

void SimFile::fail_sync(Entropy& entropy) { settle(entropy, 128); }

void SimFile::drop_clean_pages() {
    seen_ = medium_;
    for (const auto& change : unsynced_) redo(seen_, change);
}

void SimFile::cut_power(Entropy& entropy, std::uint64_t survivors) {
    settle(entropy, survivors);
    seen_ = medium_;
}

// What becomes of the writes that were not synced.
void SimFile::settle(Entropy& entropy, std::uint64_t survivors) {
    const auto survives = [&] { return entropy.below(256) < survivors; };
    for (const auto& change : std::exchange(unsynced_, {})) {
        if (change.is_truncate) {
            if (survives()) medium_.resize(change.at);
            continue;
        }
        for (std::size_t done = 0; done < change.bytes.size();) {
            const auto at = change.at + done;
            const auto n = std::min<std::size_t>(sector_bytes - at % sector_bytes, change.bytes.size() - done);
            if (survives()) put(medium_, at, std::span(change.bytes).subspan(done, n));
            done += n;
        }
    }
}

void SimFile::flip_bit(std::uint64_t at, unsigned bit) {
    ORDERFLOW_INVARIANT(at < seen_.size());
    const auto mask = std::byte{1} << (bit % 8);
    seen_[at] ^= mask;
    if (at < medium_.size()) medium_[at] ^= mask;
}

}  // namespace orderflow
