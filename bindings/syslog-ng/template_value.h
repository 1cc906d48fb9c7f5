/* template_value.h: the template function `$(anonlog [--policy P] [--keyring FILE] [--recipient NAME] CLASS VALUE)`. */
#ifndef ANONLOG_SYSLOG_NG_TEMPLATE_VALUE_H
#define ANONLOG_SYSLOG_NG_TEMPLATE_VALUE_H

#include <template/simple-function.h>

TEMPLATE_FUNCTION_DECLARE(template_value)

#endif
