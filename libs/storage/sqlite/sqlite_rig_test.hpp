// A SQLite store with its reader on one SimLoop, over a file that outlives both: for tests.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libs/storage/sqlite/sqlite_order_reader.hpp"
#include "libs/storage/sqlite/sqlite_order_store.hpp"
#include "libs/testing/temp_dir.hpp"
#include "tests/contract/order_store_contract_fixture.hpp"

namespace orderflow::storage {

class SqliteRig {
  public:
    explicit SqliteRig(SqliteStoreOptions options = {}) : options_(std::move(options)) {
        options_.path = dir_ / "orders.db";
        options_.first_catalogue = orders::sample_catalogue();
        options_.on_fatal = [this](const Error& error) { fatal_.push_back(error); };
        open();
    }

    SimLoop& loop() { return loop_; }
    SqliteOrderStore& store() { return *store_; }
    SqliteOrderReader& reader() { return *reader_; }
    SqliteOrderStore& operators() { return *store_; }
    SqliteOrderReader& operator_reader() { return *reader_; }
    SqliteOrderStore& endpoints() { return *store_; }
    SqliteOrderReader& endpoint_reader() { return *reader_; }
    SqliteOrderStore& feed() { return *store_; }
    SqliteOrderReader& oldest() { return *reader_; }
    SqliteOrderStore& burial() { return *store_; }
    Result<bool> bury(const orders::OrderId& id) {
        const auto found = loop_.run(reader_->find(id));
        return loop_.run(store_->bury(id, found && found->order ? found->order->version : 0));
    }

    void close() {
        reader_.reset();
        store_.reset();
    }
    // The error of the store or the reader, if one could not be opened.
    std::optional<Error> try_open() {
        auto store = SqliteOrderStore::open(loop_, loop_.clock(), pricing_, options_);
        if (!store) return store.error();
        store_ = *std::move(store);
        auto reader = SqliteOrderReader::open(loop_, options_.path, store_->stored_ids(), options_.vfs);
        if (!reader) return reader.error();
        reader_ = *std::move(reader);
        return std::nullopt;
    }
    void open() {
        if (const auto error = try_open()) ADD_FAILURE() << error->code() << ": " << error->detail();
    }
    void restart() {
        close();
        open();
    }

    const std::string& path() const { return options_.path; }
    SqliteStoreOptions& options() { return options_; }
    const std::vector<Error>& fatal() const { return fatal_; }

  private:
    TempDir dir_;
    SimLoop loop_;
    orders::TablePricing pricing_ = orders::samples::pricing();
    SqliteStoreOptions options_;
    std::vector<Error> fatal_;
    std::unique_ptr<SqliteOrderStore> store_;
    std::unique_ptr<SqliteOrderReader> reader_;
};

}  // namespace orderflow::storage
