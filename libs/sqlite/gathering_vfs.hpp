// A VFS that gathers the writes of a write-ahead log. SQLite writes each page of a transaction with two calls, one for
// its frame's header and one for the page, although they lie behind one another in the file: here they become one call
// for about thirty pages. Internal to libs/sqlite.
#pragma once

#include <string>

namespace orderflow::sqlite {

// The name of the VFS that does so on top of `base` (empty: the system's). What is gathered is written before a sync,
// and before anything else is done with the file. So it is for connections with synchronous=FULL alone: these sync each
// commit before they show it to readers. An error of the disk is told by the sync, and so by the COMMIT, as it would be
// without. Files other than logs are the base's own. Any thread.
std::string gathering_vfs(const std::string& base);

}  // namespace orderflow::sqlite
