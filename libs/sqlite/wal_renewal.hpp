// Bringing what a write-ahead log holds to the disk once more.
//
// A process that died between writing and syncing a commit leaves frames that are in memory of the operating system
// alone. After a sync that failed it is worse: Linux takes such pages for written and no later sync writes them. The
// next process reads them all the same, goes on from there and acknowledges what it appends; then the power goes, the
// frames are not there, and with them everything behind them is lost. So nothing is built on a log, and nobody is shown
// what it holds, before all of it was written and synced by the process that relies on it.
#pragma once

#include <string>

#include "libs/base/result.hpp"

namespace orderflow::sqlite {

// Writes `database_path`-wal over itself through the named VFS (empty: the default one) and syncs it. No such file, or
// one that may not be written (opening the database will say so), is fine. The caller is the only one who has the
// database open. Errors of the disk as translate() names them.
Result<void> renew_wal_of(const std::string& database_path, const std::string& vfs);

}  // namespace orderflow::sqlite
