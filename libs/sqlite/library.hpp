// How this program uses the SQLite library as a whole. Internal to libs/sqlite.
#pragma once

namespace orderflow::sqlite {

// To be called before anything else of the library; only the first call does something. A connection here belongs to
// one thread at a time, so SQLite needs no lock around it, and nobody reads its statistics of memory, which cost a
// global lock for each allocation. When somebody has started the library before (a test that registers a VFS of its
// own), it stays as it is: correct and slower.
void set_up_library() noexcept;

}  // namespace orderflow::sqlite
