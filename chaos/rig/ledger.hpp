// The ledgers of a trial (orderflow/load/ledger_file.hpp): those of its generators, read for figures, and the rig's
// own.
#pragma once

#include <filesystem>
#include <vector>

#include "libs/audit/history.hpp"
#include "orderflow/load/ledger_file.hpp"

namespace orderflow::chaos {

// Throws std::runtime_error when it cannot be read.
std::vector<audit::Attempt> read_attempts(const std::filesystem::path& ledger);

// OwnLedger: of the orders that the rig itself places. Throws std::runtime_error when it cannot be written.
class OwnLedger {
  public:
    explicit OwnLedger(const std::filesystem::path& file);
    void add(const audit::Attempt& attempt);
    // Nothing is added any more.
    void finish();

  private:
    load::LedgerWriter writer_;
};

}  // namespace orderflow::chaos
