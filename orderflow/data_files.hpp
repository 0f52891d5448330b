// The files of an installation.
#pragma once

#include <filesystem>
#include <optional>

#include "orderflow/config.hpp"
#include "programs/installation.hpp"

namespace orderflow {

struct DataFiles {
    std::filesystem::path lock;                     // held by the one program that has the others open
    std::filesystem::path journal;                  // of the queues
    StoreLocation store;                            // of the orders; PostgreSQL is no file of the installation
    std::optional<std::filesystem::path> payments;  // the simulated provider's ledger
};

inline DataFiles data_files(const Config& config) {
    return {.lock = config.data_dir / "lock",
            .journal = config.data_dir / "queue.db",
            .store = config.store,
            .payments = config.payments.ledger(config.data_dir)};
}

inline WorkerFiles worker_files(const Config& config) {
    const auto files = data_files(config);
    return {.store = files.store.file_if_any(), .ledger = files.payments};
}

}  // namespace orderflow
