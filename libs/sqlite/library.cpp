#include "libs/sqlite/library.hpp"

#include <sqlite3.h>

namespace orderflow::sqlite {

void set_up_library() noexcept {
    static const int set_up = [] {
        sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
        return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    }();
    (void)set_up;
}

}  // namespace orderflow::sqlite
