import { longAnswers, testAnswer } from '../support/long-answers.ts'

for (const each of longAnswers(1)) testAnswer(each)
