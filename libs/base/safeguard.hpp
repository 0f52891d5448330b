// Safeguard: what the promise rests on, named, so that a build made for it can leave one out and show which test sees
// the harm. docs/safeguards.md is the table of them with those tests; ./dev prove leaves out each in turn.
//
// In every other build safeguard() is the constant true and nothing of this is in the program. With the CMake option
// ORDERFLOW_BREAKABLE the environment variable ORDERFLOW_BREAK names the safeguards to leave out, separated by commas;
// a name that is none ends the program.
#pragma once

#include <cstdint>

namespace orderflow {

enum class Safeguard : std::uint8_t {
    // What is acknowledged is on disk
    journal_sync,         // the queue journal syncs each commit
    store_sync,           // the order store syncs each commit
    payment_sync,         // the payment provider's ledger syncs each commit
    file_sync,            // a small file is synced before it gets its name
    directory_sync,       // ... and its directory afterwards
    log_renewal,          // a log that a dead process left is synced again before anybody relies on it
    answer_after_commit,  // a call of the queue is answered after its group is committed
    delivery_record,      // count and deadline of a delivery are written before it is answered
    journal_end,          // a journal whose disk failed acknowledges nothing any more and ends the process
    store_end,            // ... and so does the order store

    // A start finds what was there, or does not start
    data_dir_lock,       // one process writes a data directory
    log_check,           // a log that is damaged in its middle is refused
    installation_check,  // an installation that lost a part is refused
    journal_checksum,    // rows of the journal are checked when they are read
    store_checksum,      // rows of the order store
    payment_checksum,    // rows of the provider's ledger

    // A message is worked on until its work is committed, by one at a time
    receipt_fence,        // a receipt touches no newer delivery
    receipt_seal,         // a receipt that nobody was given is refused
    dead_lettering,       // a message that was received too often moves to the dead-letter queue
    lease_extension,      // the worker extends the lease of what it works on
    lease_check,          // a worker that lost its lease deletes nothing
    remove_after_commit,  // a message is deleted after its change is committed
    keep_on_failure,      // a message whose change failed is not deleted
    group_isolation,      // changes of a group that failed are tried one by one
    suspect_alone,        // what was delivered before is in a transaction of its own
    slow_start,           // a worker holds few messages until it has committed some

    // Every effect happens once
    derived_id,         // a repeated idempotency key gives the same order id
    key_reuse,          // other content under a key is refused where the first is known
    id_tag,             // an id that this system did not issue is unknown
    place_once,         // an order that is stored is not placed again
    tombstone_check,    // an order that was buried does not rise
    fingerprint_check,  // other content under a stored order's id changes nothing
    cancel_once,        // a cancel command is taken once
    cancel_tenant,      // a tenant's cancel touches no order of another
    fulfill_once,       // what left the warehouse leaves it once
    command_once,       // a command of an operator is carried out once
    settle_once,        // an answer of the provider is booked once
    release_once,       // stock goes back only while it is held
    letter_once,        // a dead letter is kept once
    effect_once,        // the provider answers a known effect key with what it did the first time
    reference_once,     // a preauthorization pays for one order
    authorized_check,   // what was authorised for another amount or order is not captured
    amount_check,       // the provider's answer is about the amount that was recorded
    answer_key_check,   // the provider's answer is about the effect that was asked for
    callback_check,     // a callback is believed when the provider signed it
    signature_age,      // a signed message is believed for minutes
    ask_first,          // a payment that was begun before is asked for before it is charged
    version_check,      // an order is written over the version that it was decided on
    forget_on_failure,  // what a failed transaction left in memory is forgotten

    // Stock stays within its bounds
    stock_check,        // no order reserves more than there is
    shelf_check,        // no change moves stock out of its bounds
    stock_fence,        // stock is written over what was read
    check_constraints,  // the database itself refuses stock below zero

    // Several workers on one PostgreSQL
    migration_lock,     // of programs that start together one changes the schema
    schema_check,       // a program does not work on a schema that it does not know
    row_version,        // a row is written over the version and revision that were read
    rows_changed,       // a group whose statements changed other rows than they must is not committed
    stock_bounds,       // stock moves by a difference only within its bounds
    insertion_lock,     // who keeps a cancel for an order that is not there knows that nobody is inserting it
    operator_lock,      // one worker at a time carries out operators' commands
    letter_key,         // a dead letter that two workers bring is kept once
    commit_answer,      // a COMMIT without an answer is neither done nor failed
    commit_warning,     // a COMMIT that did not wait for its standbys is not believed
    durable_reads,      // an answer from what another worker stored waits for the standbys, too
    below_the_running,  // a feed reads below the oldest transaction that runs
};

#ifdef ORDERFLOW_BREAKABLE
bool safeguard(Safeguard which) noexcept;
#else
constexpr bool safeguard(Safeguard) noexcept { return true; }
#endif

}  // namespace orderflow
