// SimFile: the content of one file of a SimDisk: what readers see, what is on the medium, and the writes between the
// two.
//
// A write is seen at once and is on the medium after the next sync(). When the power goes, each 512-byte sector of each
// write that was not synced survives or not, in any combination.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "libs/base/entropy.hpp"

namespace orderflow {

// One thread.
class SimFile {
  public:
    static constexpr std::size_t sector_bytes = 512;

    std::uint64_t size() const noexcept { return seen_.size(); }
    // How many bytes there were to read; the rest of `out` is zero.
    std::size_t read(std::uint64_t at, std::span<std::byte> out) const;
    // Whether readers see these bytes there already.
    bool shows(std::uint64_t at, std::span<const std::byte> bytes) const;
    // A gap in front of `at` is filled with zeros.
    void write(std::uint64_t at, std::span<const std::byte> bytes);
    void truncate(std::uint64_t size);

    void sync();
    // Of what was written since the last sync, each sector is on the medium or not. All of it stays visible, but no
    // later sync brings the rest to the medium: the kernel has marked the pages as clean.
    void fail_sync(Entropy& entropy);
    // The kernel needs its memory: what it takes for written is read from the medium from now on.
    void drop_clean_pages();

    // `survivors` of 256 sectors survive on average: 0 none, 256 all.
    void cut_power(Entropy& entropy, std::uint64_t survivors);

    // Damage at rest, on the medium and in what readers see. `at` is below size().
    void flip_bit(std::uint64_t at, unsigned bit);

    std::span<const std::byte> content() const noexcept { return seen_; }

  private:
    using Bytes = std::vector<std::byte>;
    struct Change {
        std::uint64_t at = 0;  // of a truncate: the new size
        Bytes bytes;
        bool is_truncate = false;
    };
    static void put(Bytes& into, std::uint64_t at, std::span<const std::byte> bytes);
    static void redo(Bytes& on, const Change& change);
    void settle(Entropy& entropy, std::uint64_t survivors);

    Bytes seen_;
    Bytes medium_;
    std::vector<Change> unsynced_;
};

}  // namespace orderflow
