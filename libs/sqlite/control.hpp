// What a connection keeps for transaction control; private to this folder.
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
    Checkpoints checkpoints = Checkpoints::on_commit;
    int checkpoint_pages = 0;
    int log_pages = 0;           // after the last commit
    int next_checkpoint_at = 0;  // log_pages
};

}  // namespace orderflow::sqlite
