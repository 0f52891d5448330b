// LoadLoop: one run of a load, on the calling thread.
//
// With a rate the requests have times on a schedule that does not wait for answers (open loop), and the latency of each
// counts from its scheduled time: a server that stands still shows in every request that was due meanwhile, also in
// those that could not be sent (no coordinated omission). Without a rate each connection sends as soon as it has its
// answer (closed loop), and latency counts from the sending.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "libs/base/clock.hpp"
#include "libs/base/result.hpp"
#include "orderflow/load/load_options.hpp"
#include "orderflow/load/load_result.hpp"

namespace orderflow::load {

class LoadLoop {
  public:
    // Once a second while it runs, for people.
    using Live = std::function<void(std::string_view line)>;

    // `clock` is the operating system's and outlives the loop.
    LoadLoop(const LoadOptions& options, const Clock& clock, Live live);
    ~LoadLoop();
    LoadLoop(const LoadLoop&) = delete;
    LoadLoop& operator=(const LoadLoop&) = delete;

    // Sends, waits for what is outstanding and, when it was asked to, until everything is settled. SIGINT and SIGTERM
    // end the sending. Errors: those of LedgerWriter. Once.
    Result<LoadResult> run();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace orderflow::load
