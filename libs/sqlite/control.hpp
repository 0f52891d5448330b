// The statements of transaction control of one connection; private to this folder.
#pragma once

#include "libs/sqlite/database.hpp"

namespace orderflow::sqlite {

struct Database::Control {
    Statement begin_write;
    Statement begin_read;
    Statement commit;
    Statement rollback;
    Statement savepoint;
    Statement release;
    Statement undo;
    Statement data_version;
};

}  // namespace orderflow::sqlite
