#include "chaos/rig/store_lock.hpp"

#include <sqlite3.h>

#include <stdexcept>
#include <string>

namespace orderflow::chaos {
namespace {

constexpr int patience_ms = 10'000;

}  // namespace

StoreLock::StoreLock(const std::filesystem::path& file) {
    const bool locked = ::sqlite3_open_v2(file.c_str(), &database_, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK &&
                        ::sqlite3_busy_timeout(database_, patience_ms) == SQLITE_OK &&
                        ::sqlite3_exec(database_, "BEGIN EXCLUSIVE", nullptr, nullptr, nullptr) == SQLITE_OK;
    if (locked) return;
    const std::string why = ::sqlite3_errmsg(database_);
    ::sqlite3_close(database_);
    throw std::runtime_error("cannot lock " + file.string() + ": " + why);
}

StoreLock::~StoreLock() {
    ::sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
    ::sqlite3_close(database_);
}

}  // namespace orderflow::chaos
