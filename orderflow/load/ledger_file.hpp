// The ledger of a load: every attempt with its outcome, as lines of JSON (NDJSON), for `orderflow audit`.
//
//   {"run":"load-5eed...","at":1732270000000}
//   {"kind":"place","key":"load-5eed...-1","asked":"9f...","items":[["PC-SHARP",2]],"start":..,"end":..,
//    "outcome":"ok","status":202,"id":"ord_..."}
//   {"done":"load-5eed...","attempts":1}
//
// Times are milliseconds since 1970 (UTC). A file may hold several runs, one behind the other, never at the same time.
// A run without its end was killed: what it sent last is not in here, and its history is not complete.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "libs/audit/history.hpp"
#include "libs/base/result.hpp"

namespace orderflow::load {

class LedgerWriter {
  public:
    // Appends to the file, makes it when it is not there. A torn line at its end, of a run that was killed, is closed.
    // Holds a lock on the file while it lives. unavailable "ledger.inaccessible"; conflict "ledger.in_use": another run
    // is writing it. From one thread.
    static Result<LedgerWriter> open(const std::string& path, std::string run, WallTime now);

    LedgerWriter(LedgerWriter&& other) noexcept;
    LedgerWriter& operator=(LedgerWriter&&) = delete;
    LedgerWriter(const LedgerWriter&) = delete;
    LedgerWriter& operator=(const LedgerWriter&) = delete;
    ~LedgerWriter();

    void add(const audit::Attempt& attempt);
    // Hands all lines to the operating system: they survive the end of this process, but no power cut.
    // unavailable "ledger.write_failed": the file is not to be relied on.
    Result<void> flush();
    // Writes the end of the run.
    Result<void> finish();

  private:
    LedgerWriter(int file, std::string run) : file_(file), run_(std::move(run)) {}

    int file_;
    std::string run_;
    std::string waiting_;
    std::uint64_t attempts_ = 0;
};

struct Ledger {
    audit::History history;
    std::uint64_t runs = 0;
    std::uint64_t killed_runs = 0;  // without an end
};

// not_found "ledger.missing", also for what is no regular file; invalid_input "ledger.damaged" with the line, for
// anything but whole lines and one torn line at the end of a killed run, and for a run that does not have as many
// attempts as its end says. Memory grows with the attempts, not with what a damaged file holds besides.
Result<Ledger> read_ledger(const std::string& path);

// The same from text.
Result<Ledger> parse_ledger(std::string_view text);

}  // namespace orderflow::load
