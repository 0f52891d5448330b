// check(): judges a Snapshot against a History by the invariants I1 to I7.
//
// Pure, and independent of what it judges: it decides no order, prices nothing and knows the legal histories from a
// table of its own. One checker for the simulation, for chaos, for tests and for `orderflow audit`.
#pragma once

#include "libs/audit/history.hpp"
#include "libs/audit/report.hpp"
#include "libs/audit/snapshot.hpp"

namespace orderflow::audit {

struct CheckOptions {
    // Nothing is on its way any more: queues are drained and every order has settled or is on hold. Without it, an
    // acknowledged order may also still wait in a queue, and an unfinished one is no finding.
    bool quiescent = true;
    // Nothing ran while the snapshot was taken, and it tells what the messages in the queues are about: what is not
    // finished has to have one.
    bool at_rest = false;
    // The history holds every attempt of every client since the installation began. Without it what only the snapshot
    // knows is no phantom.
    bool complete = true;
};

Report check(const History& history, const Snapshot& snapshot, const CheckOptions& options = {});

}  // namespace orderflow::audit
