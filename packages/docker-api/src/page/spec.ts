// Every route of the Docker Engine API 1.41, and what becomes of it here.

/** `done`: as in Docker; `kept`: taken and shown without effect; `refused`: answers with one clear line. */
export type Verdict = 'done' | 'kept' | 'refused';

export interface SpecRoute {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly verdict: Verdict;
  readonly note: string;
}

const TABLE = `
GET /_ping                            done     also as HEAD
HEAD /_ping                           done
GET /version                          done
GET /info                             done     swarm included
GET /events                           done     since, until, all filters; 256 are remembered, as Docker does
GET /system/df                        done     nothing takes room on a disk
POST /auth                            refused  no registry is in reach
POST /session                         refused  BuildKit's sessions
POST /grpc                            refused  BuildKit's sessions
GET /containers/json                  done     all filters; sizes are not told
POST /containers/create               done     limits and security options are checked, kept and shown
GET /containers/{id}/json             done
GET /containers/{id}/top              done     columns of ps: -ef, aux, -o
GET /containers/{id}/logs             done     follow, since, until, timestamps, tail, details
GET /containers/{id}/stats            done     interfaces count; processors and memory follow from the processes
POST /containers/{id}/start           done
POST /containers/{id}/stop            done
POST /containers/{id}/restart         done
POST /containers/{id}/kill            done
POST /containers/{id}/update          done     the restart policy acts; limits are checked, kept and shown
POST /containers/{id}/rename          done
POST /containers/{id}/pause           done
POST /containers/{id}/unpause         done
POST /containers/{id}/attach          done
GET /containers/{id}/attach/ws        refused  attach does the same
POST /containers/{id}/resize          done
POST /containers/{id}/wait            done     not-running, next-exit, removed
DELETE /containers/{id}               done
POST /containers/prune                done     label, label!, until
POST /containers/{id}/exec            done
POST /exec/{id}/start                 done
POST /exec/{id}/resize                done
GET /exec/{id}/json                   done
GET /images/json                      done
GET /images/{name}/json               done
GET /images/{name}/history            done
GET /images/{name}/get                done     the layers as an archive
POST /images/{name}/push              refused  no registry is in reach
POST /images/{name}/tag               done
DELETE /images/{name}                 done
GET /images/get                       done     the layers as an archive
POST /images/load                     done
POST /commit                          done
POST /build                           done     the classic builder
POST /images/create                   done     from a catalogue of images, in the time that a line of 400 Mbit/s takes
POST /images/prune                    done
GET /images/search                    refused  no registry is in reach
GET /distribution/{name}/json         refused  no registry is in reach
POST /build/prune                     done     the cache are the images themselves
POST /build/cancel                    done     nothing is being built for long
GET /networks                         done
GET /networks/{id}                    done
POST /networks/create                 done     bridge, overlay, host, none
DELETE /networks/{id}                 done
POST /networks/{id}/connect           done
POST /networks/{id}/disconnect        done
POST /networks/prune                  done     label, label!, until
GET /volumes                          done
POST /volumes/create                  done
GET /volumes/{name}                   done
DELETE /volumes/{name}                done
POST /volumes/prune                   done
GET /plugins                          done     there are none
GET /plugins/privileges               done
POST /plugins/pull                    refused  no registry is in reach
POST /plugins/create                  refused
GET /plugins/{name}/json              refused  no such plugin
POST /plugins/{name}/enable           refused  no such plugin
POST /plugins/{name}/disable          refused  no such plugin
POST /plugins/{name}/upgrade          refused  no such plugin
POST /plugins/{name}/push             refused  no such plugin
POST /plugins/{name}/set              refused  no such plugin
DELETE /plugins/{name}                refused  no such plugin
GET /swarm                            done
POST /swarm/init                      done
POST /swarm/join                      done
POST /swarm/leave                     done
POST /swarm/update                    done
GET /swarm/unlockkey                  done
POST /swarm/unlock                    done
GET /nodes                            done
GET /nodes/{id}                       done
POST /nodes/{id}/update               done
DELETE /nodes/{id}                    done
GET /services                         done
POST /services/create                 done
GET /services/{id}                    done
POST /services/{id}/update            done
DELETE /services/{id}                 done
GET /tasks                            done
GET /tasks/{id}                       done
GET /secrets                          kept     none is ever there
POST /secrets/create                  refused
GET /secrets/{id}                     refused
POST /secrets/{id}/update             refused
DELETE /secrets/{id}                  refused
GET /configs                          kept     none is ever there
POST /configs/create                  refused
GET /configs/{id}                     refused
POST /configs/{id}/update             refused
DELETE /configs/{id}                  refused
GET /containers/{id}/changes          done
GET /containers/{id}/export           done
HEAD /containers/{id}/archive         done
GET /containers/{id}/archive          done
PUT /containers/{id}/archive          done
GET /services/{id}/logs               done
GET /tasks/{id}/logs                  done
GET /containers/{id}/checkpoints      refused  an experimental feature that is off
POST /containers/{id}/checkpoints     refused  an experimental feature that is off
`;

/** In the order of the page. */
export const SPEC: readonly SpecRoute[] = TABLE.trim().split('\n').map((line) => {
  const [, method, path, verdict, note = ''] = /^(\S+) (\S+) +(\S+) *(.*)$/.exec(line)!;
  return { method: method as SpecRoute['method'], path: path!, verdict: verdict as Verdict, note };
});
