/* bridge.h: what a Go program and libanonlog share in one call, in memory of C. No Go pointer is ever handed over, so the
 * collector of garbage may move and free what it likes, and what was raw can be wiped. */
#ifndef ANONLOG_GO_BRIDGE_H
#define ANONLOG_GO_BRIDGE_H

#include <anonlog.h>
#include <stdlib.h>

typedef struct anonlog_go_call {
  anonlog_input in;
  anonlog_output out;
  anonlog_record record;
  int64_t time;
} anonlog_go_call;

#endif
