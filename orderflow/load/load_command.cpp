#include "orderflow/load/load_command.hpp"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <string>

#include "orderflow/load/load_arguments.hpp"
#include "orderflow/load/load_loop.hpp"
#include "orderflow/load/product_list.hpp"
#include "programs/fatal.hpp"
#include "programs/process.hpp"

namespace orderflow {
namespace {

std::uint64_t random_seed(Entropy& entropy) {
    std::array<std::byte, sizeof(std::uint64_t)> bytes{};
    entropy.fill(bytes);
    std::uint64_t seed = 0;
    std::memcpy(&seed, bytes.data(), bytes.size());
    return seed;
}

// One line that is written over on a terminal; else a line each.
class LiveLine {
  public:
    void show(std::string_view line) {
        std::fprintf(stderr, terminal_ ? "\r%.*s\x1b[K" : "%.*s\n", static_cast<int>(line.size()), line.data());
        shown_ = true;
    }
    void end() const {
        if (terminal_ && shown_) std::fputc('\n', stderr);
    }

  private:
    bool terminal_ = ::isatty(STDERR_FILENO) == 1;
    bool shown_ = false;
};

}  // namespace

int run_load(std::span<const char* const> words, const Clock& clock, Entropy& entropy) {
    auto arguments = load::read_load_arguments(words, random_seed(entropy));
    if (!arguments) return arguments.error();
    auto& options = arguments->options;
    if (options.skus.empty()) {
        auto skus = load::fetch_skus(options, clock);
        if (!skus) return report_failure("orderflow load", skus.error());
        options.skus = *std::move(skus);
    }
    std::int64_t before = 0;
    if (options.flash_sale) {
        const auto available = load::fetch_available(options, *options.flash_sale, clock);
        if (!available) return report_failure("orderflow load", available.error());
        before = *available;
    }
    LiveLine live;
    auto result = load::LoadLoop(options, clock, [&live](std::string_view line) { live.show(line); }).run();
    live.end();
    if (!result) return report_failure("orderflow load", result.error());
    // Before everything is settled, more may be sold. A server that is away meanwhile says nothing of it.
    if (options.flash_sale && result->settled_after) {
        const auto after = load::fetch_available(options, *options.flash_sale, clock);
        if (after) result->flash_sale = load::FlashSale{before, *after};
    }
    const auto summary = arguments->json ? load::summary_json(options, *result) : load::summary_text(options, *result);
    std::fputs(summary.c_str(), stdout);
    return load::went_well(options, *result) ? 0 : exit_failed;
}

}  // namespace orderflow
