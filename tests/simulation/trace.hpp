// Trace: everything that happens in a run, as a running hash and, when asked for, as lines to read.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <utility>

#include "libs/base/clock.hpp"
#include "libs/testing/run_hash.hpp"

namespace orderflow::simulation {

class Trace {
  public:
    // `directory`: of the lock files, with another name in each run, which no note shows.
    Trace(std::uint64_t seed, const Clock& clock, std::string directory, bool print)
        : seed_(seed), clock_(clock), directory_(std::move(directory)), print_(print) {}

    // Something worth a line.
    template <class... Args>
    void note(std::string_view who, fmt::format_string<Args...> form, Args&&... args) {
        const auto text = without_directory(fmt::format(form, std::forward<Args>(args)...));
        hash_.add(static_cast<std::uint64_t>(clock_.now().time_since_epoch().count()));
        hash_.add(who);
        hash_.add(text);
        if (print_) fmt::print(stderr, "{:>14.6f} {:<9} {}\n", seconds(), who, text);
    }

    std::string without_directory(std::string text) const {
        for (auto at = text.find(directory_); at != std::string::npos; at = text.find(directory_)) {
            text.erase(at, directory_.size() + 1);
        }
        return text;
    }

    std::uint64_t seed() const noexcept { return seed_; }
    bool prints() const noexcept { return print_; }
    RunHash& hash() noexcept { return hash_; }

  private:
    double seconds() const { return std::chrono::duration<double>(clock_.now().time_since_epoch()).count(); }

    std::uint64_t seed_;
    const Clock& clock_;
    std::string directory_;
    bool print_;
    RunHash hash_;
};

}  // namespace orderflow::simulation
