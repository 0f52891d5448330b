// PaymentLedger: the durable memory of the simulated provider, one SQLite file with one row per effect key.
//
// Format: table `effects` (payment_ledger.cpp, the migration); each row carries a CRC-32C over its values, checked on
// every read. One process writes the file: `<path>.lock` is held as long as the ledger is open.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/result.hpp"
#include "libs/payments/provider_effect.hpp"
#include "libs/sqlite/data_dir_lock.hpp"
#include "libs/sqlite/database.hpp"
#include "libs/sqlite/transaction.hpp"

namespace orderflow::payments {

// For one executor at a time. Errors are those of libs/sqlite/errors.hpp.
class PaymentLedger {
  public:
    // Creates the file when it is not there. `vfs`: see sqlite::OpenOptions.
    // conflict "data_dir.in_use" when another process has it; "sqlite.newer_version"; internal "disk.wal_damaged".
    static Result<PaymentLedger> open(const std::string& path, const std::string& vfs = {});

    // Reads and writes below belong into one; on disk when commit() returns.
    Result<sqlite::Transaction> begin();

    Result<std::optional<ProviderEffect>> find(const orders::EffectKey& key);
    // The charge that captured this preauthorization.
    Result<std::optional<ProviderEffect>> captured_by_reference(const std::string& reference);
    // A new row when number is 0 (the number is then set), else the row of that number.
    Result<void> save(ProviderEffect& effect);
    // Rows with a number above `after`, lowest first.
    Result<std::vector<ProviderEffect>> list(std::int64_t after, std::uint32_t limit);

  private:
    struct Statements {
        sqlite::Statement find;
        sqlite::Statement by_reference;
        sqlite::Statement insert;
        sqlite::Statement update;
        sqlite::Statement list;
    };

    PaymentLedger(sqlite::DataDirLock lock, std::unique_ptr<sqlite::Database> database)
        : lock_(std::move(lock)), database_(std::move(database)) {}
    Result<void> prepare();

    sqlite::DataDirLock lock_;
    std::unique_ptr<sqlite::Database> database_;  // a Transaction points to it: it stays where it is
    Statements sql_;
    std::int64_t last_number_ = 0;  // a transaction that is undone leaves a gap
};

// Every effect of a ledger that no program has open, oldest first; nothing is written. Errors as above and those of
// sqlite::open_at_rest().
Result<void> scan_ledger(const std::string& path, const std::function<void(const ProviderEffect&)>& visit);

}  // namespace orderflow::payments
